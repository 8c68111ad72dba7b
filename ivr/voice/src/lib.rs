//! ivr-voice
