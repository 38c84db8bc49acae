#pragma once

#include <span>
#include <string>

#include "analysis/store/store.hpp"

/// Uploads, downloads, and what a dead binding does to a writer, as text and JSON.
namespace deadair::report {

/// One line for each transfer.
std::string uploads_text(std::span<const store::upload> uploads);
/// How each kind of write on a dead binding was noticed; empty if none was made.
std::string dead_writes_text(std::span<const store::upload> uploads);
/// "tls upload 500 kB after 23 s of silence: stalled"
std::string upload_line(const store::upload& one);
/// An array with one object a row of the table `uploads`.
std::string uploads_json(std::span<const store::upload> uploads);

}  // namespace deadair::report
