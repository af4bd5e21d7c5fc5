"""The rules of the register: registering, the life of a task, what texts may hold."""
