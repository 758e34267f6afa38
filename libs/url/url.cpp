#include "url/url.h"

#include <lexbor/url/url.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"

namespace kawat::url {
namespace {

// lexbor's parser with its memory. One a thread, because making its tables costs more than a parse.
class ThreadParser {
 public:
  ThreadParser() : parser_(lxb_url_parser_create()) {
    KAWAT_CHECK(lxb_url_parser_init(parser_, nullptr) == LXB_STATUS_OK, "no memory for the URL parser");
  }
  ~ThreadParser() {
    lxb_url_parser_memory_destroy(parser_);
    lxb_url_parser_destroy(parser_, true);
  }
  ThreadParser(const ThreadParser&) = delete;
  ThreadParser& operator=(const ThreadParser&) = delete;

  // Null: not a URL. What it returns lives until Reset().
  lxb_url_t* Parse(std::string_view text, const lxb_url_t* base) {
    lxb_url_parser_clean(parser_);
    return lxb_url_parse(parser_, base, reinterpret_cast<const lxb_char_t*>(text.data()), text.size());
  }
  void Reset() { lexbor_mraw_clean(parser_->mraw); }

 private:
  lxb_url_parser_t* parser_;
};

ThreadParser& ParserOfThisThread() {
  thread_local ThreadParser parser;
  return parser;
}

lxb_status_t Append(const lxb_char_t* data, size_t length, void* context) {
  static_cast<std::string*>(context)->append(reinterpret_cast<const char*>(data), length);
  return LXB_STATUS_OK;
}

std::string ToString(const lexbor_str_t& text) {
  return text.data == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text.data), text.length);
}

absl::Status CheckLength(std::size_t bytes) {
  if (bytes > kMaxUrlBytes) {
    return absl::InvalidArgumentError(absl::StrCat("URL of ", bytes, " bytes; at most ", kMaxUrlBytes, " are allowed"));
  }
  return absl::OkStatus();
}

}  // namespace

class Parser {
 public:
  static absl::StatusOr<Url> Parse(std::string_view text, const Url* base) {
    KAWAT_RETURN_IF_ERROR(CheckLength(text.size()));
    ThreadParser& parser = ParserOfThisThread();
    parser.Reset();
    const lxb_url_t* lexbor_base = nullptr;
    if (base != nullptr) {
      lexbor_base = parser.Parse(base->text(), nullptr);
      if (lexbor_base == nullptr) {
        return absl::InvalidArgumentError("the base is not a URL");  // such as Url()
      }
    }
    const lxb_url_t* url = parser.Parse(text, lexbor_base);
    if (url == nullptr) {
      return absl::InvalidArgumentError("not a URL");
    }
    return Convert(*url);
  }

 private:
  static absl::StatusOr<Url> Convert(const lxb_url_t& url) {
    if (url.scheme.type != LXB_URL_SCHEMEL_TYPE_HTTP && url.scheme.type != LXB_URL_SCHEMEL_TYPE_HTTPS) {
      return absl::InvalidArgumentError("URL is neither http nor https");
    }
    if (url.username.length != 0 || url.password.length != 0) {
      return absl::InvalidArgumentError("URL has credentials");
    }
    Url result;
    lxb_url_serialize(&url, Append, &result.text_, false);
    KAWAT_RETURN_IF_ERROR(CheckLength(result.text_.size()));
    lxb_url_serialize_host(&url.host, Append, &result.host_);
    if (result.host_.empty()) {
      return absl::InvalidArgumentError("URL has no host");
    }
    lxb_url_serialize_path(&url.path, Append, &result.path_);
    result.scheme_ = url.scheme.type == LXB_URL_SCHEMEL_TYPE_HTTP ? "http" : "https";
    result.query_ = ToString(url.query);
    result.port_ = url.has_port ? url.port : DefaultPort(result.scheme_);
    return result;
  }

  static int DefaultPort(std::string_view scheme) { return scheme == "http" ? 80 : 443; }

  friend class Url;
};

absl::StatusOr<Url> Url::Parse(std::string_view text) { return Parser::Parse(text, nullptr); }

absl::StatusOr<Url> Url::Resolve(std::string_view reference, const Url& base) {
  return Parser::Parse(reference, &base);
}

std::string Url::host_and_port() const {
  return port_ == Parser::DefaultPort(scheme_) ? host_ : absl::StrCat(host_, ":", port_);
}

std::string Url::path_and_query() const { return query_.empty() ? path_ : absl::StrCat(path_, "?", query_); }

}  // namespace kawat::url
