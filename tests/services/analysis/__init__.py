"""Tests of the analysis: figures from a source or worked by hand."""
