//! A small HTTP server on the loopback interface that misbehaves on demand.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// One request as it came in, and what was sent for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The path asked for.
    pub path: String,
    /// `FIRST` of a `Range: bytes=FIRST-`.
    pub range: Option<usize>,
    /// The `User-Agent`.
    pub agent: String,
    /// Bytes of content that were sent.
    pub sent: usize,
}

/// How the server answers a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The content, from the middle if so asked.
    Whole(Vec<u8>),
    /// The content from its beginning, whatever was asked.
    IgnoreRange(Vec<u8>),
    /// The whole length announced, then this many bytes and the end of the connection.
    CutAfter(usize, Vec<u8>),
    /// The whole length announced, then this many bytes and nothing more.
    StallAfter(usize, Vec<u8>),
    /// The content without its length, then the end of the connection.
    LengthUntold(Vec<u8>),
    /// The content in a hundred pieces with pauses.
    Slowly(Vec<u8>),
    /// A status and no content.
    Status(u16),
    /// The connection is accepted, nothing is ever said.
    Silence,
}

/// A server that gives the answers of a script in turn, and the last one for ever.
pub struct Server {
    address: SocketAddr,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    closing: Arc<AtomicBool>,
}

impl Server {
    /// Listens on a free port and answers by the script.
    pub fn start(script: Vec<Answer>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let closing = Arc::new(AtomicBool::new(false));
        let (log, stop) = (Arc::clone(&exchanges), Arc::clone(&closing));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (log, stop, script) = (Arc::clone(&log), Arc::clone(&stop), script.clone());
                thread::spawn(move || serve(stream.unwrap(), &script, &log, &stop));
            }
        });
        Server {
            address,
            exchanges,
            closing,
        }
    }

    /// The address to put before a path.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until `count` requests have come in, at most for `patience`.
    pub fn wait_for_requests(&self, count: usize, patience: Duration) {
        let began = Instant::now();
        while self.exchanges().len() < count && began.elapsed() < patience {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Every request so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, script: &[Answer], log: &Mutex<Vec<Exchange>>, stop: &AtomicBool) {
    let Some(exchange) = request(&stream) else {
        return;
    };
    let range = exchange.range;
    let turn = {
        let mut log = log.lock().unwrap();
        log.push(exchange);
        log.len() - 1
    };
    let answer = &script[turn.min(script.len() - 1)];
    let sent = reply(&mut stream, answer, range, &|sent| {
        log.lock().unwrap()[turn].sent = sent;
    });
    // The other side may hang up in the middle; that is its affair.
    let _ = sent;
    if matches!(answer, Answer::Silence | Answer::StallAfter(..)) {
        while !stop.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn request(stream: &TcpStream) -> Option<Exchange> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut exchange = Exchange {
        path: first.split(' ').nth(1)?.to_owned(),
        range: None,
        agent: String::new(),
        sent: 0,
    };
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "range" => {
                let first = value.trim().strip_prefix("bytes=")?.strip_suffix('-')?;
                exchange.range = first.parse().ok();
            }
            "user-agent" => exchange.agent = value.trim().to_owned(),
            _ => {}
        }
    }
    Some(exchange)
}

fn reply(
    stream: &mut TcpStream,
    answer: &Answer,
    range: Option<usize>,
    sent: &dyn Fn(usize),
) -> std::io::Result<()> {
    let (content, pieces) = match answer {
        Answer::Silence => return Ok(()),
        Answer::Status(status) => {
            return write!(
                stream,
                "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        Answer::LengthUntold(content) => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            (&content[..], 1)
        }
        Answer::IgnoreRange(content) => {
            head(stream, content, None)?;
            (&content[..], 1)
        }
        Answer::Whole(content) => (head(stream, content, range)?, 1),
        Answer::Slowly(content) => (head(stream, content, range)?, 100),
        Answer::CutAfter(count, content) | Answer::StallAfter(count, content) => {
            let content = head(stream, content, range)?;
            (&content[..(*count).min(content.len())], 1)
        }
    };
    let size = content.len().div_ceil(pieces).max(1);
    let mut total = 0;
    for piece in content.chunks(size) {
        // Noted before it is sent: the other side may look as soon as it has the last byte.
        total += piece.len();
        sent(total);
        stream.write_all(piece)?;
        if pieces > 1 {
            thread::sleep(Duration::from_millis(2));
        }
    }
    stream.flush()
}

/// Sends the head of an answer and gives the content that is to follow it.
fn head<'a>(
    stream: &mut TcpStream,
    content: &'a [u8],
    range: Option<usize>,
) -> std::io::Result<&'a [u8]> {
    let total = content.len();
    match range {
        Some(first) if first < total => {
            write!(
                stream,
                "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\n\
                 Content-Range: bytes {first}-{}/{total}\r\nConnection: close\r\n\r\n",
                total - first,
                total - 1
            )?;
            Ok(&content[first..])
        }
        Some(_) => {
            write!(
                stream,
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\
                 Content-Range: bytes */{total}\r\nConnection: close\r\n\r\n"
            )?;
            Ok(&[])
        }
        None => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {total}\r\nConnection: close\r\n\r\n"
            )?;
            Ok(content)
        }
    }
}
