#include <libpsl.h>

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "base/check.h"
#include "url/url.h"

namespace kawat::url {
namespace {

const psl_ctx_t& PublicSuffixes() {
  // The newer of the system's list (its compiled form: the text takes 100 ms to load) and the one inside libpsl. Lives
  // as long as the process.
  static const psl_ctx_t* const list = psl_latest(psl_dist_filename());
  KAWAT_CHECK(list != nullptr, "no public suffix list");
  return *list;
}

// The URL Standard's rule: a host whose last label is a number is an IPv4 address. IPv6 stands in brackets.
bool IsAddress(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return host.front() == '[' || (!last.empty() && absl::ascii_isdigit(static_cast<unsigned char>(last.front())) &&
                                 last.find_first_not_of("0123456789abcdefxABCDEFX") == std::string_view::npos);
}

}  // namespace

std::string RegistrableDomain(std::string_view host) {
  std::string name(host.ends_with('.') ? host.substr(0, host.size() - 1) : host);
  absl::AsciiStrToLower(&name);
  if (name.empty() || IsAddress(name)) {
    return name;
  }
  const char* const domain = psl_registrable_domain(&PublicSuffixes(), name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace kawat::url
