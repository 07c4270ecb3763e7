"""What stands on pavements: furniture, signs, fences, walls, wires, roadworks."""
