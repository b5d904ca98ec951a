"""The commands of energimonitor: one module an area, each with a function add_to(app)."""
