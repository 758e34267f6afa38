#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/newsroom/newsroom.h"

namespace kawat::newsroom {
namespace {

// A basic string of TOML.
std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += absl::StrFormat("\\u%04x", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

void AddSource(const Outlet& outlet, std::string& out) {
  absl::StrAppend(&out, "\n[[sources]]\nid = ", Quoted(outlet.id), "\nname = ", Quoted(outlet.name), "\n");
  const auto optional = [&out](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      absl::StrAppend(&out, std::string(key), " = ", Quoted(value), "\n");
    }
  };
  optional("group", outlet.group);
  optional("homepage", outlet.homepage_url);
  absl::StrAppend(&out, "feeds = [", Quoted(outlet.feed_url), "]\n");
  optional("language", outlet.language);
  optional("country", outlet.country);
  optional("time_zone", outlet.time_zone);
  if (outlet.max_depth != 0) {
    absl::StrAppend(&out, "max_depth = ", outlet.max_depth, "\n");
  }
}

// The network of the one address, in quotes behind a comma; nothing for loopback, which is allowed anyway.
std::string OnlyAddress(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  if (host.starts_with("127.") || host == "[::1]") {
    return "";
  }
  return host.starts_with('[') ? absl::StrCat(", ", Quoted(absl::StrCat(host.substr(1, host.size() - 2), "/128")))
                               : absl::StrCat(", ", Quoted(absl::StrCat(host, "/32")));
}

}  // namespace

std::string WriteConfig(const World& world, absl::Duration delay, const std::string& address) {
  std::string out = absl::StrCat("# Written by kawat newsroom: crawls the web that it serves at ", address, ".\n",
                                 "allow_networks = [\"127.0.0.0/8\", \"::1/128\"", OnlyAddress(address),
                                 "]\n\n[fetch]\npoll_interval = "
                                 "\"1s\"\ntimeout = \"2s\"\ndelay = \"",
                                 absl::ToInt64Milliseconds(delay), "ms\"\n\n[resolve]\n");
  std::set<std::string> hosts(world.other_hosts.begin(), world.other_hosts.end());
  for (const Outlet& outlet : world.outlets) {
    hosts.insert(outlet.host);
  }
  for (const std::string& host : hosts) {
    absl::StrAppend(&out, Quoted("https://" + host), " = ", Quoted(address), "\n", Quoted("http://" + host), " = ",
                    Quoted(address), "\n");
  }
  for (const Outlet& outlet : world.outlets) {
    AddSource(outlet, out);
  }
  return out;
}

}  // namespace kawat::newsroom
