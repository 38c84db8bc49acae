#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/estimate/estimate.hpp"
#include "analysis/words/duration.hpp"

/// The measured idle timeout held against what vendors document. It yields candidates, never
/// a claim: many products share a value, and most can be configured.
namespace deadair::recommend {

enum class fit : std::uint8_t {
    as_shipped,     ///< the documented default, ending and treatment of keepalive all agree
    if_configured,  ///< it can be set to behave so
    excluded,       ///< it cannot behave so, by its documentation
};

struct candidate {
    std::string_view id;  ///< what `--expect` takes, for example "aws-nat-gateway"
    std::string product;  ///< vendor and product
    std::optional<nanoseconds> documented;  ///< default in the direction measured; some have none
    std::string_view at_expiry;             ///< "silent", "reset on the next packet", ...
    fit how{fit::excluded};
    bool documented_by_vendor{};  ///< false: only users report it, so it is no fact
    std::string why;              ///< of `if_configured` and `excluded`; else empty
    std::string_view source;
    std::string_view version;  ///< of the product that the source is about; may be empty
    std::optional<std::chrono::year_month> as_of;  ///< of the source
};

/// What was read of a product, as far as time makes it doubtful: ", as of 2012, 14 years ago", ",
/// of unknown date", else empty.
std::string age_in_words(std::optional<std::chrono::year_month> as_of,
                         std::chrono::year_month today);

/// Every known product that the transport passes through, best fit first. Empty for an
/// inconclusive finding.
/// @param keepalive_counts  from `usefulness_of`; nullopt when the run does not tell
std::vector<candidate> candidates(const estimate::finding& found,
                                  std::optional<bool> keepalive_counts);

/// One product by its id. nullopt for an unknown id or an inconclusive finding.
std::optional<candidate> judged(std::string_view id, const estimate::finding& found,
                                std::optional<bool> keepalive_counts);

/// "350 s with a reset: consistent with AWS NAT Gateway (350 s, reset on the next packet); ...;
/// excluded: Azure Load Balancer (240 s, silent)". Empty for an inconclusive finding.
std::string candidate_sentence(const estimate::finding& found, std::optional<bool> keepalive_counts,
                               std::chrono::year_month today);

/// How the measured timeout stands to what a NAT is asked to keep. Empty when inconclusive.
/// Source: RFC 5382, REQ-5: at least 2 h 4 min.
std::string standards_sentence(const estimate::finding& found);

/// For each different timeout found without refresh, one sentence on candidates; then one on the
/// standards. Ready to print.
std::vector<std::string> middlebox_sentences(std::span<const estimate::finding> found,
                                             std::chrono::year_month today);

struct middlebox_name {
    std::string_view id;
    std::string product;  ///< vendor and product
};

/// Every product, in the order of the data file.
std::vector<middlebox_name> middlebox_names();

/// Ids that `expect` knows, in the order of the data file.
std::vector<std::string_view> middlebox_ids();

/// The documentation of a named product beside the measurement.
struct expectation {
    candidate product;
    bool agrees{};         ///< the measurement is `as_shipped` or `if_configured`
    std::string sentence;  ///< documented against measured, with the source
};

/// @return nullopt for an unknown id or an inconclusive finding.
std::optional<expectation> expect(std::string_view id, const estimate::finding& found,
                                  std::optional<bool> keepalive_counts,
                                  std::chrono::year_month today);

/// The same for a run: each different measurement without refresh, once.
std::vector<expectation> expect(std::string_view id, std::span<const estimate::finding> found,
                                std::chrono::year_month today);

}  // namespace deadair::recommend
