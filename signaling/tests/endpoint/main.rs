//! The SIP endpoint as its driver and its peers see it: bytes and times in, bytes and reports out.

mod answering;
mod dialling;
mod guarding;
mod hostile;
mod identity;
mod lossy;
mod registering;
mod reliable;
mod sessions;
mod streams;
mod subscribing;
mod torture;
mod transferring;
mod trunks;
mod wire;
