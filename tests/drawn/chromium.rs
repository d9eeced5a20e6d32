//! A page in headless Chromium, spoken to over a pipe: what it shows, what it asks for, how fast it
//! turns.
//!
//! Chromium reads commands (JSON, ended by a zero byte) from file descriptor 3 and answers on 4; a
//! shell makes them of the standard streams. Its profile lies in a temporary folder, its names
//! resolve to nothing, and it draws with its software renderer, so that every machine sees the same.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The names under which Chromium is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// The window, in CSS pixels.
const WINDOW: [u32; 2] = [1280, 800];
/// How long an answer, a picture at rest and a benchmark may take.
const ANSWER: Duration = Duration::from_secs(60);
const REST: Duration = Duration::from_secs(20);
const BENCHMARK: Duration = Duration::from_secs(40);
/// The least share of the canvas that a structure fills, and the fewest colours that light gives it.
const LEAST_INKED: f64 = 0.05;
const FEWEST_COLOURS: usize = 16;
/// The least share of the canvas that changes when the structure turns by some degrees.
const LEAST_TURNED: f64 = 0.02;

/// Draws the model of a page with and without what is hidden and counts the pixels that differ.
const UNCOVERED: &str = "(() => {
    if (typeof viewer === 'undefined') return null;
    const { model, sight, context, size: [width, height] } = viewer;
    const picture = (all) => {
        model.stale = true;
        model.render(sight, width, height, 1, all);
        const pixels = new Uint32Array(model.canvas.width * model.canvas.height);
        context.readPixels(0, 0, model.canvas.width, model.canvas.height, context.RGBA,
            context.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
        return pixels;
    };
    let differing = 0;
    for (let side = 0; side < 4; side += 1) {
        sight.turn(0.7 + side, 0.4 * side);
        sight.zoom(1.2, 30, 20);
        const [some, all] = [picture(false), picture(true)];
        differing += some.reduce((sum, pixel, at) => sum + Number(pixel !== all[at]), 0);
    }
    return differing;
})()";

/// What a page did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// The share of the canvas's pixels that are not its background.
    pub(crate) inked: f64,
    /// The number of colours on the canvas, 16 shades a channel.
    pub(crate) colours: usize,
    /// The share of the canvas's pixels that differ after six presses of an arrow key.
    pub(crate) turned: f64,
    /// Errors, warnings and exceptions, as the console has them.
    pub(crate) complaints: Vec<String>,
    /// The addresses that the page asked for, but for its own and those of data within it.
    pub(crate) requests: Vec<String>,
    /// Pixels that change when the balls that others hide are drawn too, from four sides; none if the
    /// page does not tell.
    pub(crate) uncovered: Option<u64>,
    /// What its benchmark says, if it has one.
    pub(crate) frames_per_second: Option<f64>,
}

impl Report {
    /// What is wrong, a sentence each; nothing for a page as it should be.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.inked < LEAST_INKED || self.colours < FEWEST_COLOURS {
            faults.push(format!(
                "The canvas is blank: {:.1} % of it inked, in {} colours.",
                100.0 * self.inked,
                self.colours
            ));
        }
        if self.turned < LEAST_TURNED {
            faults.push(format!(
                "An arrow key changes {:.1} % of the canvas.",
                100.0 * self.turned
            ));
        }
        let complained = self.complaints.iter();
        faults.extend(complained.map(|complaint| format!("The console says: {complaint}")));
        let asked = self.requests.iter();
        faults.extend(asked.map(|address| format!("The page asks for {address}.")));
        if let Some(pixels) = self.uncovered.filter(|&pixels| pixels > 0) {
            faults.push(format!(
                "Of what is left out as hidden, {pixels} pixels would be seen."
            ));
        }
        if self.frames_per_second.is_none() {
            faults.push("The benchmark does not end.".to_owned());
        }
        faults
    }
}

/// Where Chromium is, if it is installed.
pub(crate) fn chromium() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let mut places = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.find(|place| place.is_file())
}

/// Opens a page from disk and turns it.
///
/// # Errors
/// Chromium is not there, does not start or does not answer.
pub(crate) fn opens_in_chromium(page: &Path) -> Result<Report> {
    let mut browser = Browser::start()?;
    let place = browser.folder.path().join("view.html");
    fs::copy(page, &place).with_context(|| format!("{} cannot be read", page.display()))?;
    let address = format!("file://{}", place.display());

    browser.open(&address)?;
    browser.wait(
        REST,
        "document.querySelector('canvas')?.dataset.rest === 'sharp'",
    )?;
    let first = browser.canvas()?;
    for _ in 0..6 {
        browser.press("ArrowRight")?;
    }
    // The picture is at rest no sooner than a frame after the key.
    thread::sleep(Duration::from_millis(100));
    browser.wait(
        REST,
        "document.querySelector('canvas')?.dataset.rest === 'sharp'",
    )?;
    let second = browser.canvas()?;

    let uncovered = browser.evaluate(UNCOVERED)?;

    browser.open("about:blank")?;
    browser.open(&format!("{address}#benchmark"))?;
    let rate = "document.documentElement.dataset.framesPerSecond";
    let measured = browser.wait(BENCHMARK, &format!("{rate} !== undefined"))?;
    let frames = if measured {
        browser.evaluate(rate)?
    } else {
        Value::Null
    };

    let (complaints, requests) = browser.heard(&address);
    Ok(Report {
        inked: first.inked(),
        colours: first.colours(),
        turned: first.differs(&second),
        complaints,
        requests,
        uncovered: uncovered.as_u64(),
        frames_per_second: frames.as_str().and_then(|text| text.parse().ok()),
    })
}

/// A canvas as it is seen: its pixels, row by row.
struct Seen {
    pixels: Vec<[u8; 3]>,
}

impl Seen {
    fn of(png: &[u8]) -> Result<Seen> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
        let size = reader
            .output_buffer_size()
            .context("the picture is too large")?;
        let mut bytes = vec![0; size];
        let frame = reader.next_frame(&mut bytes)?;
        let channels = frame.color_type.samples();
        let pixels = bytes[..frame.buffer_size()].chunks_exact(channels);
        let colours = pixels.map(|pixel| [0, 1, 2].map(|k| pixel[k.min(channels - 1)]));
        Ok(Seen {
            pixels: colours.collect(),
        })
    }

    /// The share of pixels that are not like that in the corner.
    fn inked(&self) -> f64 {
        let ground = self.pixels.first().copied().unwrap_or_default();
        self.share(|_, pixel| differ(pixel, ground))
    }

    fn differs(&self, other: &Seen) -> f64 {
        if self.pixels.len() != other.pixels.len() {
            return 1.0;
        }
        self.share(|at, pixel| differ(pixel, other.pixels[at]))
    }

    fn share(&self, test: impl Fn(usize, [u8; 3]) -> bool) -> f64 {
        let pixels = self.pixels.iter().enumerate();
        let found = pixels.filter(|&(at, &pixel)| test(at, pixel)).count();
        found as f64 / self.pixels.len().max(1) as f64
    }

    fn colours(&self) -> usize {
        let mut shades: Vec<[u8; 3]> = self.pixels.iter().map(|p| p.map(|x| x / 16)).collect();
        shades.sort_unstable();
        shades.dedup();
        shades.len()
    }
}

fn differ(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).any(|(x, y)| x.abs_diff(y) > 8)
}

/// A running Chromium with one empty page.
struct Browser {
    process: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    events: Vec<Value>,
    session: Option<String>,
    sent: u64,
    /// Its profile, and the page.
    folder: TempDir,
}

impl Browser {
    fn start() -> Result<Browser> {
        let program = chromium().context("Chromium is not installed")?;
        let folder = tempfile::tempdir()?;
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null"])
            .arg(program)
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .args([
                "--headless=new",
                "--no-sandbox",
                "--no-first-run",
                "--remote-debugging-pipe",
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "about:blank",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let commands = process.stdin.take().context("no pipe to Chromium")?;
        let answers = process.stdout.take().context("no pipe from Chromium")?;
        let (sender, messages) = channel();
        thread::spawn(move || {
            for message in BufReader::new(answers).split(0) {
                let value = message
                    .ok()
                    .and_then(|text| serde_json::from_slice(&text).ok());
                if value.is_none_or(|value| sender.send(value).is_err()) {
                    return;
                }
            }
        });
        let mut browser = Browser {
            process,
            commands,
            messages,
            events: Vec::new(),
            session: None,
            sent: 0,
            folder,
        };
        browser.attach()?;
        Ok(browser)
    }

    /// Listens to the empty page.
    fn attach(&mut self) -> Result<()> {
        let targets = self.call("Target.getTargets", json!({}))?;
        let page = targets["targetInfos"]
            .as_array()
            .and_then(|targets| targets.iter().find(|target| target["type"] == "page"))
            .context("Chromium has no page")?;
        let target = json!({"targetId": page["targetId"], "flatten": true});
        let attached = self.call("Target.attachToTarget", target)?;
        self.session = attached["sessionId"].as_str().map(ToOwned::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}))?;
        }
        let [width, height] = WINDOW;
        let window =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", window)?;
        Ok(())
    }

    /// Sends a command and waits for its answer; what else is told meanwhile is kept.
    fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.sent += 1;
        let id = self.sent;
        let mut command = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut text = command.to_string().into_bytes();
        text.push(0);
        self.commands.write_all(&text)?;
        let end = Instant::now() + ANSWER;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let received = self.messages.recv_timeout(left);
            let mut message =
                received.map_err(|error| anyhow!("Chromium does not answer {method}: {error}"))?;
            if message["id"] != json!(id) {
                self.events.push(message);
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("Chromium refuses {method}: {error}");
            }
            return Ok(message["result"].take());
        }
    }

    fn open(&mut self, address: &str) -> Result<()> {
        let opened = self.call("Page.navigate", json!({"url": address}))?;
        if let Some(error) = opened.get("errorText") {
            bail!("{address} does not open: {error}");
        }
        self.wait(REST, "document.readyState === 'complete'")?;
        Ok(())
    }

    fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let asked = json!({"expression": expression, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", asked)?;
        Ok(answer["result"]["value"].take())
    }

    /// Whether an expression becomes true within this time.
    fn wait(&mut self, longest: Duration, expression: &str) -> Result<bool> {
        let end = Instant::now() + longest;
        while Instant::now() < end {
            if self.evaluate(expression)? == json!(true) {
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(false)
    }

    fn press(&mut self, key: &str) -> Result<()> {
        for kind in ["keyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", json!({"type": kind, "key": key}))?;
        }
        Ok(())
    }

    /// The canvas without what lies over it.
    fn canvas(&mut self) -> Result<Seen> {
        let hide = "(() => { const canvas = document.querySelector('canvas'); \
            if (!canvas) return null; \
            for (const other of canvas.parentElement.children) \
                if (other !== canvas) other.style.visibility = 'hidden'; \
            const { x, y, width, height } = canvas.getBoundingClientRect(); \
            return { x, y, width, height, scale: 1 }; })()";
        let clip = self.evaluate(hide)?;
        if clip.is_null() {
            bail!("the page has no canvas");
        }
        let asked = json!({"format": "png", "clip": clip});
        let picture = self.call("Page.captureScreenshot", asked)?;
        let text = picture["data"]
            .as_str()
            .context("Chromium took no picture")?;
        Seen::of(&STANDARD.decode(text)?)
    }

    /// What the console said and what was asked for until now.
    fn heard(&self, page: &str) -> (Vec<String>, Vec<String>) {
        let (mut complaints, mut requests) = (Vec::new(), Vec::new());
        for event in &self.events {
            let told = &event["params"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let address = text(&told["request"]["url"]);
                    let inside = ["data:", "blob:", "about:"];
                    let own =
                        address == page || inside.iter().any(|kind| address.starts_with(kind));
                    requests.extend((!own).then_some(address));
                }
                "Runtime.consoleAPICalled"
                    if ["error", "warning", "assert"]
                        .iter()
                        .any(|kind| told["type"] == *kind) =>
                {
                    complaints.push(told["args"].to_string());
                }
                "Runtime.exceptionThrown" => {
                    complaints.push(told["exceptionDetails"].to_string());
                }
                "Log.entryAdded"
                    if ["error", "warning"]
                        .iter()
                        .any(|level| told["entry"]["level"] == *level) =>
                {
                    complaints.push(text(&told["entry"]["text"]));
                }
                _ => {}
            }
        }
        (complaints, requests)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        let asked = self.call("Browser.close", json!({}));
        let end = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < end {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        // It may be gone already; there is nothing else to do.
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Pages that break what is checked, and the sentences that must find them out.
const FAULTY: [(&str, &str, &[&str]); 3] = [
    (
        "blank",
        "",
        &[
            "The canvas is blank: 0.0 % of it inked, in 1 colours.",
            "An arrow key changes 0.0 % of the canvas.",
        ],
    ),
    // Ink alone is no structure.
    (
        "flat",
        "const pen = document.querySelector('canvas').getContext('2d'); \
         pen.fillStyle = 'red'; pen.fillRect(99, 40, 99, 60);",
        &["% of it inked, in 2 colours."],
    ),
    (
        "loud",
        "console.error('broken'); \
         console.warn('nearly broken'); \
         setTimeout(() => missing()); \
         fetch('http://127.0.0.1:9/atoms.json').catch(() => {}); \
         new Image().src = 'http://example.org/logo.png';",
        &[
            "\"broken\"",
            "\"nearly broken\"",
            "missing is not defined",
            "The page asks for http://127.0.0.1:9/atoms.json.",
            "The page asks for http://example.org/logo.png.",
        ],
    ),
];

/// Each check finds a page out that breaks it.
///
/// # Errors
/// A fault is not found out, or as in [`opens_in_chromium`].
pub(crate) fn each_check_can_fail() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, script, sentences) in FAULTY {
        let page = folder.path().join(format!("{name}.html"));
        let text = format!(
            "<!doctype html><link rel=icon href='data:,'><canvas data-rest=sharp></canvas>\
             <script>document.documentElement.dataset.framesPerSecond = '60'; {script}</script>"
        );
        fs::write(&page, text)?;
        let faults = opens_in_chromium(&page)?.faults();
        for sentence in sentences {
            if !faults.iter().any(|fault| fault.contains(sentence)) {
                bail!("{name}: no fault says {sentence:?}: {faults:?}");
            }
        }
    }
    let faults = Report {
        uncovered: Some(3),
        ..Report::default()
    }
    .faults();
    for sentence in [
        "The benchmark does not end.",
        "hidden, 3 pixels would be seen.",
    ] {
        if !faults.iter().any(|fault| fault.contains(sentence)) {
            bail!("no fault says {sentence:?}: {faults:?}");
        }
    }
    Ok(())
}
