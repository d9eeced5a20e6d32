//! The record: the paper's claims beside what is found, and the pages of the book made from it.
//! It uses the other rooms but `commands`; nothing draws from it but the book.
//! Begin with `ledger.rs`, verdicts; `claims/` holds a file a chapter, from analyses to findings.

pub mod claims;
pub mod ledger;
pub mod pages;
pub mod shown;
pub mod speed;
