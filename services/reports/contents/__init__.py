"""What stands in each kind of report: figures looked up, sentences made from them."""
