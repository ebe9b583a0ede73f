"""Faults planted in copies of the source: the generated rulebooks must find every one."""
