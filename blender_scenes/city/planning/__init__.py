"""What stands where, and moves how; values only, no bpy."""
