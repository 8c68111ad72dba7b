//! The SIP endpoint as its driver and its peers see it: bytes and times in, bytes and reports out.

mod answering;
mod dialling;
mod hostile;
mod lossy;
mod registering;
mod streams;
mod torture;
mod wire;
