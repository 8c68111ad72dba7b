//! asr-whisper
