//! Denoising by block matching (Methods, "Image preprocessing", step 2).
