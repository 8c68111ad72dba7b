//! The converter on a small invented model, hostile files, and pulling: errors that say what is wrong, never a panic.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use asr_whisper::models::{ConvertError, GgmlError, Model, Progress, PullError, convert, inspect, pull};
use asr_whisper::{LoadError, Options, WhisperModel};
use kernel::Rng;
use sha2::{Digest, Sha256};

/// Width of the invented model.
const D: u32 = 64;
/// Rows of its embedding.
const VOCABULARY: u32 = 51_864;

/// A CTranslate2 file with one layer on each side.
fn weights() -> Vec<u8> {
    let mut variables: Vec<(String, Vec<u32>)> = vec![
        ("encoder/conv1/weight".into(), vec![D, 80, 3]),
        ("encoder/conv1/bias".into(), vec![D]),
        ("encoder/conv2/weight".into(), vec![D, D, 3]),
        ("encoder/conv2/bias".into(), vec![D]),
        ("encoder/position_encodings/encodings".into(), vec![1_500, D]),
        ("decoder/position_encodings/encodings".into(), vec![448, D]),
        ("decoder/embeddings/weight".into(), vec![VOCABULARY, D]),
    ];
    let mut linear = |name: String, out: u32, into: u32| {
        variables.push((format!("{name}/weight"), vec![out, into]));
        variables.push((format!("{name}/bias"), vec![out]));
    };
    for side in ["encoder", "decoder"] {
        linear(format!("{side}/layer_0/self_attention/linear_0"), 3 * D, D);
        linear(format!("{side}/layer_0/self_attention/linear_1"), D, D);
        linear(format!("{side}/layer_0/ffn/linear_0"), 4 * D, D);
        linear(format!("{side}/layer_0/ffn/linear_1"), D, 4 * D);
    }
    linear("decoder/layer_0/attention/linear_0".into(), D, D);
    linear("decoder/layer_0/attention/linear_1".into(), 2 * D, D);
    linear("decoder/layer_0/attention/linear_2".into(), D, D);
    for norm in [
        "encoder/layer_norm",
        "decoder/layer_norm",
        "encoder/layer_0/self_attention/layer_norm",
        "encoder/layer_0/ffn/layer_norm",
        "decoder/layer_0/self_attention/layer_norm",
        "decoder/layer_0/attention/layer_norm",
        "decoder/layer_0/ffn/layer_norm",
    ] {
        variables.push((format!("{norm}/gamma"), vec![D]));
        variables.push((format!("{norm}/beta"), vec![D]));
    }
    file(&variables)
}

fn file(variables: &[(String, Vec<u32>)]) -> Vec<u8> {
    let mut file = Vec::new();
    let text = |file: &mut Vec<u8>, text: &str| {
        file.extend((text.len() as u16 + 1).to_le_bytes());
        file.extend(text.as_bytes());
        file.push(0);
    };
    file.extend(6_u32.to_le_bytes());
    text(&mut file, "WhisperSpec");
    file.extend(3_u32.to_le_bytes());
    file.extend((variables.len() as u32 + 2).to_le_bytes());
    for side in ["encoder", "decoder"] {
        text(&mut file, &format!("{side}/num_heads"));
        file.push(0);
        file.push(2);
        file.extend(2_u32.to_le_bytes());
        file.extend(4_i16.to_le_bytes());
    }
    for (number, (name, dims)) in variables.iter().enumerate() {
        text(&mut file, name);
        file.push(dims.len() as u8);
        dims.iter().for_each(|dim| file.extend(dim.to_le_bytes()));
        file.push(4);
        let count: u32 = dims.iter().product();
        file.extend((count * 2).to_le_bytes());
        // A half that tells variables apart; a bias of a key must be zero.
        let half = if name.ends_with("/bias") { 0 } else { 0x3c00 + number as u16 };
        (0..count).for_each(|_| file.extend(half.to_le_bytes()));
    }
    file.extend(1_u32.to_le_bytes());
    text(&mut file, "decoder/projection/weight");
    text(&mut file, "decoder/embeddings/weight");
    file
}

fn vocabulary() -> String {
    let mut vocabulary: String = (0..50_256).map(|n| format!("w{n}\n")).collect();
    vocabulary.push_str("<|endoftext|>\n<|startoftranscript|>");
    vocabulary
}

fn converted(weights: &[u8]) -> Result<Vec<u8>, ConvertError> {
    let mut out = Vec::new();
    convert(weights, &vocabulary(), &mut out).map(|()| out)
}

/// A file of these bytes, gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("voxdesk-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("a temporary file");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may be gone already.
        let _gone = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_whole_model_is_converted_and_passes_inspection() {
    let ggml = converted(&weights()).expect("a conversion");
    assert_eq!(&ggml[..4], b"lmgg");
    let file = Scratch::new("whole.bin", &ggml);
    let facts = inspect(&file.0).expect("facts");
    assert_eq!((facts.layers, facts.tensors, facts.multilingual), ((1, 1), 50, false));
}

#[test]
fn halves_are_copied_where_halves_are_wanted_and_widened_exactly_elsewhere() {
    let ggml = converted(&weights()).expect("a conversion");
    let position = |name: &str| {
        ggml.windows(name.len()).position(|part| part == name.as_bytes()).expect("the tensor") + name.len()
    };
    // Variable 5 of the list, hence half 0x3c05: 1 + 5/1024.
    let at = position("decoder.positional_embedding");
    let value = f32::from_le_bytes(ggml[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(value, 1.0 + 5.0 / 1_024.0);
    let at = position("decoder.token_embedding.weight");
    assert_eq!(ggml[at..at + 2], 0x3c06_u16.to_le_bytes());
}

#[test]
fn a_missing_or_foreign_variable_is_named() {
    let missing = file(&[("decoder/embeddings/weight".into(), vec![VOCABULARY, D])]);
    let error = converted(&missing).expect_err("no model").to_string();
    assert!(error.contains("encoder/") || error.contains("decoder/"), "{error}");
    let mut foreign = weights();
    let at = foreign.windows(6).position(|part| part == b"conv2/").expect("a name");
    foreign[at + 4] = b'9';
    let error = converted(&foreign).expect_err("another model").to_string();
    assert!(error.contains("conv"), "{error}");
}

#[test]
fn a_key_with_a_bias_is_refused_because_whisper_has_none() {
    let mut biased = weights();
    let name = b"decoder/layer_0/attention/linear_1/bias\0";
    let at = biased.windows(name.len()).position(|part| part == name).expect("the bias") + name.len();
    // Rank, one dimension, type, size; then the first half.
    biased[at + 1 + 4 + 1 + 4] = 1;
    let error = converted(&biased).expect_err("a bias").to_string();
    assert!(error.contains("key"), "{error}");
}

#[test]
fn a_vocabulary_of_another_model_is_refused() {
    let mut out = Vec::new();
    let short = "a\nb\n<|endoftext|>\n";
    assert!(matches!(convert(&weights(), short, &mut out), Err(ConvertError::Vocabulary(_))));
    assert!(matches!(convert(&weights(), "", &mut out), Err(ConvertError::Vocabulary(_))));
}

#[test]
fn weights_cut_short_or_damaged_are_errors_and_never_panics() {
    let whole = weights();
    for length in [0, 1, 3, 4, 17, 30, 100, 1_000, whole.len() / 2, whole.len() - 1] {
        assert!(converted(&whole[..length]).is_err(), "{length} bytes");
    }
    for seed in 0..60 {
        let mut rng = Rng::seeded(seed);
        let mut damaged = whole[..4_000].to_vec();
        for _ in 0..8 {
            let at = rng.below(damaged.len() as u64) as usize;
            damaged[at] = rng.below(256) as u8;
        }
        assert!(converted(&damaged).is_err(), "seed {seed}");
    }
}

#[test]
fn a_file_that_is_no_model_is_refused_before_whisper_sees_it() {
    let ggml = converted(&weights()).expect("a conversion");
    let mut rng = Rng::seeded(7);
    for (n, length) in
        [0, 3, 4, 48, 60, 64_000, 100_000, ggml.len() / 2, ggml.len() - 1].into_iter().enumerate()
    {
        let file = Scratch::new(&format!("short-{n}.bin"), &ggml[..length]);
        let error = WhisperModel::load(&file.0, Options::default()).err().expect("an error");
        assert!(matches!(error, LoadError::Broken { .. }), "{length} bytes: {error}");
    }
    for n in 0..40 {
        let mut damaged = ggml[..70_000].to_vec();
        let at = rng.below(60) as usize;
        damaged[at] ^= 1 << rng.below(8);
        let file = Scratch::new(&format!("flip-{n}.bin"), &damaged);
        assert!(inspect(&file.0).is_err(), "byte {at}");
    }
    let mut huge = ggml.clone();
    // The number of tokens lies behind the head and the filters.
    let at = 4 + 11 * 4 + 8 + 80 * 201 * 4;
    huge[at..at + 4].copy_from_slice(&i32::MAX.to_le_bytes());
    let file = Scratch::new("huge.bin", &huge);
    assert!(matches!(inspect(&file.0), Err(GgmlError::Unexpected { what: "number of tokens", .. })));
}

#[test]
fn a_missing_file_says_how_to_get_it() {
    let error =
        WhisperModel::load("/nowhere/ggml-base.bin".as_ref(), Options::default()).err().expect("an error");
    let shown = error.to_string();
    assert!(shown.contains("/nowhere/ggml-base.bin") && shown.contains("voxdesk models pull"), "{shown}");
}

const FILE: &[u8] = b"what a model server has";

/// An empty folder for models, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("voxdesk-pull-{}-{name}", std::process::id()));
        // Of a run that was killed, if there is one.
        let _gone = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// Names of what lies in it.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("readable");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _best_effort = std::fs::remove_dir_all(&self.0);
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// As `[[speech.models]]` has it.
fn at_url(url: &str, sha256: &str) -> Model {
    Model::at_url("own", url, sha256).expect("a right entry")
}

fn at_file(path: &Path) -> Model {
    at_url(&format!("file://{}", path.display()), &digest(FILE))
}

async fn pulled(model: &Model, dir: &Folder) -> (Result<PathBuf, PullError>, Vec<Progress>) {
    let mut steps = Vec::new();
    let result = pull(model, &dir.0, &mut |step| steps.push(step)).await;
    (result, steps)
}

#[tokio::test]
async fn a_model_that_is_there_and_right_is_not_fetched_again() {
    let (dir, source) = (Folder::new("once"), Scratch::new("pull-once.bin", FILE));
    let model = at_file(&source.0);
    let (first, _) = pulled(&model, &dir).await;
    assert_eq!(first.expect("pulled"), dir.0.join("ggml-own.bin"));
    assert_eq!(std::fs::read(dir.0.join("ggml-own.bin")).expect("there"), FILE);
    assert_eq!(dir.files(), ["ggml-own.bin"], "nothing unfinished is left");
    drop(source);
    let (again, steps) = pulled(&model, &dir).await;
    assert!(again.is_ok(), "the source is gone and was not asked: {again:?}");
    assert_eq!(steps, [Progress::Checking]);
}

#[tokio::test]
async fn a_file_with_another_digest_is_refused_and_leaves_nothing() {
    let (dir, source) = (Folder::new("digest"), Scratch::new("pull-digest.bin", FILE));
    let right = digest(b"what was meant");
    let model = at_url(&format!("file://{}", source.0.display()), &right);
    let error = pulled(&model, &dir).await.0.expect_err("another file");
    assert!(matches!(error, PullError::Digest { .. }), "{error:?}");
    let shown = error.to_string();
    assert!(shown.contains(&digest(FILE)) && shown.contains(&right), "{shown}");
    assert!(dir.files().is_empty(), "{:?}", dir.files());
}

#[tokio::test]
async fn a_broken_file_is_replaced() {
    let (dir, source) = (Folder::new("broken"), Scratch::new("pull-broken.bin", FILE));
    std::fs::write(dir.0.join("ggml-own.bin"), &FILE[..5]).expect("half a model");
    pulled(&at_file(&source.0), &dir).await.0.expect("pulled");
    assert_eq!(std::fs::read(dir.0.join("ggml-own.bin")).expect("there"), FILE);
    assert_eq!(dir.files(), ["ggml-own.bin"]);
}

#[tokio::test]
async fn a_source_that_cannot_be_had_is_named_and_leaves_nothing() {
    let dir = Folder::new("missing");
    let error = pulled(&at_file("/nowhere/own.bin".as_ref()), &dir).await.0.expect_err("no such file");
    assert!(error.to_string().contains("/nowhere/own.bin"), "{error}");
    assert!(dir.files().is_empty(), "{:?}", dir.files());
}

/// Answers every request for `/own.bin` with the file and others with 404, until the test's process ends.
fn server() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let (mut request, mut piece) = (Vec::new(), [0; 1_024]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(count) if count > 0 => request.extend_from_slice(&piece[..count]),
                    _ => break,
                }
            }
            let (status, body) = if request.starts_with(b"GET /own.bin ") {
                ("200 OK", FILE)
            } else {
                ("404 Not Found", &b""[..])
            };
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            // A client that has gone away is its own test's failure.
            let _sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_model_comes_from_a_web_address_as_well_and_says_how_far_it_is() {
    let (dir, server) = (Folder::new("web"), server());
    let url = format!("{server}/own.bin");
    let (result, steps) = pulled(&at_url(&url, &digest(FILE)), &dir).await;
    assert_eq!(std::fs::read(result.expect("pulled")).expect("there"), FILE);
    let all = FILE.len() as u64;
    assert_eq!(steps, [Progress::Fetching { what: url, bytes: all, of: Some(all) }, Progress::Checking]);
    let missing = Folder::new("web-missing");
    let url = format!("{server}/other.bin");
    let error = pulled(&at_url(&url, &digest(FILE)), &missing).await.0.expect_err("no such page");
    assert!(error.to_string().starts_with(&url) && error.to_string().contains("404"), "{error}");
    assert!(missing.files().is_empty(), "{:?}", missing.files());
}
