// URLs as WHATWG's URL Standard parses them, and kawat's canonical form of them (design section 4).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace kawat::url {

inline constexpr std::size_t kMaxUrlBytes = 2048;

// A parsed http or https URL. Copyable values; any thread.
class Url {
 public:
  // Absolute. InvalidArgument: not a URL, neither http nor https, has credentials, no host, or longer than
  // kMaxUrlBytes.
  static absl::StatusOr<Url> Parse(std::string_view text);
  // Relative to `base`, as a browser resolves an href.
  static absl::StatusOr<Url> Resolve(std::string_view reference, const Url& base);

  const std::string& text() const { return text_; }      // serialized, with the fragment
  const std::string& scheme() const { return scheme_; }  // "https"
  const std::string& host() const { return host_; }      // lower case, punycode; IPv6 in brackets
  int port() const { return port_; }                     // the scheme's default when none is written
  std::string host_and_port() const;  // "host" or "host:8080": what politeness and partitions are counted by
  const std::string& path() const { return path_; }
  const std::string& query() const { return query_; }  // without '?'
  std::string path_and_query() const;                  // what robots.txt rules and request lines see

 private:
  std::string text_, scheme_, host_, path_, query_;
  int port_ = 0;
  friend class Parser;
};

// No fragment, no default port, no tracking parameters (utm_*, fbclid, gclid ...). Idempotent.
std::string Canonical(const Url& url);
// Same, of text; InvalidArgument as Parse.
absl::StatusOr<std::string> Canonical(std::string_view text);

// "example.co.id" of "www.example.co.id", by the Public Suffix List; the host itself when it has no registrable domain
// (an IP address, a public suffix, "localhost").
std::string RegistrableDomain(std::string_view host);

}  // namespace kawat::url
