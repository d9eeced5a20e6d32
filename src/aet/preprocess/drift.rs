//! Drift between and within the frames of one tilt (Methods, "Image preprocessing", step 1).
