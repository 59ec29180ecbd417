//! Changes to the text of the files concerned, everything else kept byte for byte.
