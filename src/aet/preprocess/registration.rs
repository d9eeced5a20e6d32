//! How far one image lies from another: cross-correlation by Fourier transform.
