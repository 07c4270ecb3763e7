"""What `dp_model` is measured against: views that Cycles traced through the lens."""
