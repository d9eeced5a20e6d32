//! How much memory this process has taken, as Linux counts it.

/// The most memory that was resident at one time since the start or since [`forget_peak`], in MB
/// (10⁶ bytes); NaN where the system does not tell.
pub fn peak_mb() -> f64 {
    field("VmHWM:")
}

/// Counts the peak from now on, where the system allows it.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// A field of `/proc/self/status`, in MB.
fn field(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib: Option<f64> = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kib.map_or(f64::NAN, |kib| kib * 1024.0 / 1e6)
}
