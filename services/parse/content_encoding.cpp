#include "services/parse/content_encoding.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/status.h"
#include "services/parse/extract/strings.h"
#include "text/text.h"

namespace kawat::parse {
namespace {

constexpr int kGzipOrZlib = 15 + 32;  // window bits: the frame is recognised
constexpr int kRawDeflate = -15;
constexpr std::size_t kMaxEncodings = 2;

// Owns zlib's state.
class Inflater {
 public:
  explicit Inflater(int window_bits) : ok_(inflateInit2(&stream_, window_bits) == Z_OK) {}
  ~Inflater() {
    if (ok_) {
      inflateEnd(&stream_);
    }
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  absl::StatusOr<std::string> Run(std::string_view body, std::size_t limit_bytes) {
    if (!ok_) {
      return absl::ResourceExhaustedError("zlib could not start");
    }
    std::string decoded;
    std::array<char, 64 << 10> buffer;
    // zlib's interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    stream_.avail_in = static_cast<uInt>(body.size());
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t produced = buffer.size() - stream_.avail_out;
      if (decoded.size() + produced > limit_bytes) {
        return absl::InvalidArgumentError(
            absl::StrCat("the body is above the limit of ", limit_bytes, " bytes once decompressed"));
      }
      decoded.append(buffer.data(), produced);
      if (result == Z_STREAM_END) {
        if (!NextMember()) {
          return decoded;
        }
      } else if (result != Z_OK) {
        return absl::InvalidArgumentError(result == Z_BUF_ERROR ? "the compressed body is cut off"
                                                                : "the body does not decompress");
      }
    }
  }

 private:
  // gzip allows several members after each other; other bytes after the last are ignored, as everyone does.
  bool NextMember() {
    return stream_.avail_in >= 2 && stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b &&
           inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_ = {};
  bool ok_;
};

absl::StatusOr<std::string> DecodeOne(std::string_view body, std::string_view encoding, std::size_t limit_bytes) {
  if (encoding == "gzip" || encoding == "x-gzip") {
    return Inflater(kGzipOrZlib).Run(body, limit_bytes);
  }
  if (encoding == "deflate") {
    auto framed = Inflater(kGzipOrZlib).Run(body, limit_bytes);
    return framed.ok() ? std::move(framed) : Inflater(kRawDeflate).Run(body, limit_bytes);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("content encoding \"", text::ToValidUtf8(text::Truncate(encoding, 40)), "\" is not known"));
}

}  // namespace

absl::StatusOr<std::string> DecodeContent(std::string_view body, std::string_view encoding, std::size_t limit_bytes) {
  std::vector<std::string> encodings;
  while (!encoding.empty()) {
    const std::size_t end = std::min(encoding.find(','), encoding.size());
    std::string name = extract::Lower(extract::Trim(encoding.substr(0, end)));
    if (!name.empty() && name != "identity") {
      encodings.push_back(std::move(name));
    }
    encoding.remove_prefix(std::min(encoding.size(), end + 1));
  }
  if (encodings.size() > kMaxEncodings) {
    return absl::InvalidArgumentError("the body is encoded more than twice");
  }
  if (body.size() > limit_bytes) {
    return absl::InvalidArgumentError(absl::StrCat("the body is above the limit of ", limit_bytes, " bytes"));
  }
  std::string decoded(body);
  for (auto name = encodings.rbegin(); name != encodings.rend(); ++name) {
    KAWAT_ASSIGN_OR_RETURN(decoded, DecodeOne(decoded, *name, limit_bytes));
  }
  return decoded;
}

}  // namespace kawat::parse
