"""What people see, defined once. SHELF: one folder an audience, one module a dashboard, each with a DASHBOARD."""
