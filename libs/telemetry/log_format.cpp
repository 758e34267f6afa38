#include "telemetry/log_format.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include "absl/strings/str_cat.h"

namespace kawat::telemetry {
namespace {

std::string Rfc3339(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()); }

// A JSON string in quotes. Bytes that are not UTF-8 are kept as they are: what collects the logs may be stricter, so
// they become '?'.
std::string Quoted(std::string_view text) {
  std::string clean(text);
  for (std::size_t i = 0; i < clean.size();) {
    const auto byte = static_cast<unsigned char>(clean[i]);
    const std::size_t length = byte < 0x80                   ? 1
                               : byte >= 0xf0 && byte < 0xf5 ? 4
                               : byte >= 0xe0                ? 3
                               : byte >= 0xc2                ? 2
                                                             : 0;
    const bool whole = length > 0 && byte < 0xf5 && i + length <= clean.size() &&
                       std::all_of(clean.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                   clean.begin() + static_cast<std::ptrdiff_t>(i + length),
                                   [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; });
    if (!whole) {
      clean[i++] = '?';
    } else {
      i += length;
    }
  }
  return boost::json::serialize(boost::json::string_view(clean));
}

bool IsPlain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return c > ' ' && c != '"' && c != '=' && c != 0x7f; });
}

}  // namespace

std::string FormatJson(const LogLine& line, Fields fields) {
  std::string out = absl::StrCat(R"({"time":")", Rfc3339(line.time), R"(","level":)", Quoted(line.level),
                                 ",\"program\":", Quoted(line.program), ",\"message\":", Quoted(line.message));
  for (const Field& field : fields) {
    absl::StrAppend(&out, ",", Quoted(field.key), ":", field.is_literal ? field.value : Quoted(field.value));
  }
  out.push_back('}');
  return out;
}

std::string FormatText(const LogLine& line, Fields fields) {
  std::string out = absl::StrCat(Rfc3339(line.time), " ", std::string(line.level),
                                 std::string(6 - std::min<std::size_t>(5, line.level.size()), ' '),
                                 std::string(line.program), line.program.empty() ? "" : ": ");
  for (const char c : line.message) {
    out.push_back(static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c);
  }
  for (const Field& field : fields) {
    out.append(" ").append(field.key).append("=");
    out += field.is_literal || IsPlain(field.value) ? field.value : Quoted(field.value);
  }
  return out;
}

void Field::Text(double number) { Literal(number != number || number - number != 0 ? "null" : absl::StrCat(number)); }
void Field::Text(absl::Duration duration) { Text(absl::ToDoubleSeconds(duration)); }
void Field::Text(absl::Time time) { value = Rfc3339(time); }
void Field::Text(const absl::Status& status) { value = status.ToString(); }

}  // namespace kawat::telemetry
