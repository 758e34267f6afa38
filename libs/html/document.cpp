#include "html/document.h"

#include <lexbor/html/parser.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "html/encoding.h"
#include "html/raw.h"

namespace kawat::html {
namespace {

constexpr std::size_t kChunkBytes = 4096;
constexpr std::size_t kMaxRootTokens = 64;  // <html> and <body> tags that may add attributes to the one element

constexpr std::size_t kMaxNames =
    8192;  // of elements and of attributes: lexbor's tables of names do not grow, so each name slows the next

// Stands between tokenizer and tree. lexbor has no limits, and several of its steps take time by the depth of the tree
// or by the attributes of an element (200,000 attributes: two minutes), so each token is judged before the tree sees
// it.
class Guard {
 public:
  Guard(lxb_html_parser_t* parser, const Limits& limits)
      : limits_(limits),
        tree_(parser->tree),
        next_(parser->tkz->callback_token_done),
        next_context_(parser->tkz->callback_token_ctx) {
    lxb_html_tokenizer_callback_token_done_set(parser->tkz, &Guard::OnToken, this);
  }
  bool cut() const { return cut_; }

  // Between chunks: one token can be longer than a chunk and name things without end.
  void CheckNames() {
    const lxb_dom_document_t& document = tree_->document->dom_document;
    cut_ = cut_ || lexbor_dobject_allocated(document.attrs->entries) > kMaxNames ||
           lexbor_dobject_allocated(document.tags->entries) > kMaxNames;
  }

 private:
  static lxb_html_token_t* OnToken(lxb_html_tokenizer_t* tokenizer, lxb_html_token_t* token, void* context) {
    auto& guard = *static_cast<Guard*>(context);
    if (token->tag_id != LXB_TAG__END_OF_FILE && guard.IsBeyondLimits()) {
      return token;
    }
    guard.TrimAttributes(*token);
    return guard.next_(tokenizer, token, guard.next_context_);
  }

  bool IsBeyondLimits() {
    cut_ = cut_ || tree_->open_elements->length > limits_.max_open_elements ||
           tree_->active_formatting->length > limits_.max_open_elements ||
           lexbor_mraw_reference_count(tree_->document->dom_document.mraw) > limits_.max_nodes;
    return cut_;
  }

  void TrimAttributes(lxb_html_token_t& token) {
    const bool root = token.tag_id == LXB_TAG_BODY || token.tag_id == LXB_TAG_HTML;
    if (root && ++root_tokens_ > kMaxRootTokens) {
      token.attr_first = token.attr_last = nullptr;
      return;
    }
    std::size_t count = 0;
    for (lxb_html_token_attr_t* attribute = token.attr_first; attribute != nullptr; attribute = attribute->next) {
      if (++count >= limits_.max_attributes) {
        attribute->next = nullptr;
        token.attr_last = attribute;
      }
    }
  }

  const Limits limits_;
  lxb_html_tree_t* tree_;
  lxb_html_tokenizer_token_f next_;
  void* next_context_;
  std::size_t root_tokens_ = 0;
  bool cut_ = false;
};

class Parser {
 public:
  Parser() : parser_(lxb_html_parser_create()) {
    KAWAT_CHECK(lxb_html_parser_init(parser_) == LXB_STATUS_OK, "no memory for the HTML parser");
  }
  ~Parser() { lxb_html_parser_destroy(parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  lxb_html_document_t* Parse(std::string_view text, const Limits& limits, bool& cut) {
    Guard guard(parser_, limits);
    lxb_html_document_t* const document = lxb_html_parse_chunk_begin(parser_);
    KAWAT_CHECK(document != nullptr, "no memory for a document");
    lxb_status_t status = LXB_STATUS_OK;
    while (!text.empty() && !guard.cut() && status == LXB_STATUS_OK) {
      const std::string_view chunk = text.substr(0, kChunkBytes);
      status = lxb_html_parse_chunk_process(parser_, reinterpret_cast<const lxb_char_t*>(chunk.data()), chunk.size());
      text.remove_prefix(chunk.size());
      guard.CheckNames();
    }
    lxb_html_parse_chunk_end(parser_);
    cut = guard.cut() || status != LXB_STATUS_OK;
    return document;
  }

 private:
  lxb_html_parser_t* parser_;
};

lxb_dom_node_t* ChildElement(lxb_dom_node_t* parent, lxb_tag_id_t tag) {
  lxb_dom_node_t* child = parent == nullptr ? nullptr : parent->first_child;
  while (child != nullptr && (child->type != LXB_DOM_NODE_TYPE_ELEMENT || child->local_name != tag)) {
    child = child->next;
  }
  return child;
}

}  // namespace

struct Document::Impl {
  Impl() = default;
  ~Impl() { lxb_html_document_destroy(document); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  lxb_dom_node_t* RootElement() const { return ChildElement(&document->dom_document.node, LXB_TAG_HTML); }

  lxb_html_document_t* document = nullptr;
  bool cut = false;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::Parse(std::string_view bytes, std::string_view content_type, const Limits& limits) {
  Decoded decoded;
  Decode(bytes, content_type, decoded);
  auto impl = std::make_unique<Impl>();
  impl->document = Parser().Parse(decoded.text, limits, impl->cut);
  return Document(std::move(impl));
}

Node Document::root() const { return Node(impl_->RootElement()); }
Node Document::head() const { return Node(ChildElement(impl_->RootElement(), LXB_TAG_HEAD)); }
Node Document::body() const { return Node(ChildElement(impl_->RootElement(), LXB_TAG_BODY)); }
bool Document::cut() const { return impl_->cut; }

}  // namespace kawat::html
