"""Panels with their figures filled in, one module a kind: plain values that pages, files and the API show alike.

Nothing is calculated here but what a reader does in the head: the sum of the hours that are drawn, a difference, how old a thing
is. What is absent is said with its reason; a figure that is not now is never shown as if it were.
"""
