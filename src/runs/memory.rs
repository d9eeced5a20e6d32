//! How much memory is free, so that work that needs more can be refused before it begins.

/// The bytes that can be had without swapping, where the operating system says so (Linux).
pub fn available_bytes() -> Option<u64> {
    available(&std::fs::read_to_string("/proc/meminfo").ok()?)
}

/// From the text of `/proc/meminfo`.
fn available(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_available_memory_is_read() {
        let text = "MemTotal:       24 kB\nMemAvailable:   16384 kB\nSwap: 0 kB\n";
        assert_eq!(available(text), Some(16_777_216));
        assert_eq!(available("MemTotal: 3 kB"), None);
    }
}
