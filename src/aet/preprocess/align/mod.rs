//! The alignment of a tilt series (Methods, "Image preprocessing", step 4).
