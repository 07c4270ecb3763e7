"""RDPD, the recurrent dual-pixel deblurring network, in PyTorch."""
