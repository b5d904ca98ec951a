"""Kolada: key figures of Swedish municipalities and regions as goals' values. Nothing is asked for unless told."""
