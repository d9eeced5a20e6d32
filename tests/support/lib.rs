//! What the tests share: the public data or the reason why a trial is ignored, errors as commands
//! say them, a server that misbehaves, random numbers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

pub mod errors;
pub mod http;
pub mod random;
#[cfg(feature = "complete")]
pub mod trials;
