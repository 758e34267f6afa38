#include "telemetry/log_format.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"

namespace kawat::telemetry {
namespace {

std::string Rfc3339(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone()); }

// A JSON string in quotes. What collects the logs may refuse bytes that are not UTF-8, so they become '?'. Control
// characters that JSON would take are escaped too: people read these lines in terminals.
std::string Quoted(std::string_view text) {
  const std::string json = boost::json::serialize(boost::json::string_view(base::ReplaceInvalidUtf8(text, "?")));
  std::string out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = static_cast<unsigned char>(i + 1 < json.size() ? json[i + 1] : 0);
    if (byte == 0x7f) {
      out += "\\u007f";
    } else if (byte == 0xc2 && next < 0xa0) {
      absl::StrAppend(&out, "\\u00", absl::Hex(next, absl::kZeroPad2));
      ++i;
    } else {
      out.push_back(json[i]);
    }
  }
  return out;
}

bool IsPlain(std::string_view text) {
  return !text.empty() && text.find_first_of(" \"=") == std::string_view::npos &&
         base::ReplaceControls(base::ReplaceInvalidUtf8(text, ""), "") == text;
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
  out += base::ReplaceControls(base::ReplaceInvalidUtf8(line.message, "?"), " ");
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
