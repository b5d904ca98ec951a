"""The commands of , one module an area, each with a function ."""
