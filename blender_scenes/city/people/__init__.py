"""People on foot and on two wheels, as rigid limbs that walk and ride."""
