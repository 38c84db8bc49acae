#pragma once

#include <string>
#include <vector>

#include "analysis/command/command.hpp"
#include "analysis/report/document.hpp"

/// What the commands share that write a document for people.
namespace deadair::command {

/// --format with this help, and --output.
void add_document_options(po::options_description& add, const char* formats);

/// @throws usage_error for one that is not among `known`
std::string document_format(const po::variables_map& given, const std::vector<std::string>& known,
                            const std::string& otherwise);

/// @param format  html, markdown or text
std::string written(const report::document& what, const std::string& format);

/// To --output, or standard output. @throws std::runtime_error when that cannot be written
void put_out(const po::variables_map& given, const std::string& text);

/// @throws usage_error for a run that nothing was measured in
void require_findings(const store::run& which, std::span<const estimate::finding> found);

}  // namespace deadair::command
