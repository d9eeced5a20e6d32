//! The background under a sample (Methods, "Image preprocessing", step 3).
