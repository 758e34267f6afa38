// An HTML document as a tree, parsed from hostile bytes. The parser behind it (lexbor) is seen by html/ alone.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kawat::html {

class Document;

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// An element or a text of a Document (comments and the like are not seen): a light handle, valid while the document
// lives and the node is not removed. One thread a document.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return raw_ != nullptr; }
  bool operator==(const Node&) const = default;

  bool is_element() const;
  bool is_text() const;
  std::string_view tag() const;   // lower case: "p"; empty for a text
  std::string_view text() const;  // of a text node; empty for an element
  std::optional<std::string_view> attribute(std::string_view name) const;
  std::string_view attribute_or_empty(std::string_view name) const { return attribute(name).value_or(""); }
  std::string_view id() const { return attribute_or_empty("id"); }
  std::string_view classes() const { return attribute_or_empty("class"); }

  Node parent() const;
  Node first_child() const;
  Node next_sibling() const;
  Node next_in_document(Node root) const;  // depth first, not leaving `root`; null at the end
  Node next_skipping_children(Node root) const;

  // All text below, as it stands; script, style, template and comments left out (but asked of a script itself, its
  // text). A text's own text. Ends early when `budget` is spent, of which each node costs 1 and each byte of text 1.
  std::string TextContent(std::size_t budget = kNoLimit) const;

  // Elements below that match, in document order. `selector`: tag, .class, #id, [attr], [attr=value], [attr*=value],
  // [attr^=value], [attr$=value], compounds of these, descendant (space) and child (>) combinators, comma lists. A
  // selector that does not parse crashes: selectors are ours.
  std::vector<Node> SelectAll(std::string_view selector, std::size_t most = kNoLimit) const;
  Node SelectFirst(std::string_view selector) const;

  void Remove();  // with all below; other handles into it become invalid

 private:
  friend class Document;
  explicit Node(void* raw) : raw_(raw) {}
  void* raw_ = nullptr;
};

struct Limits {
  std::size_t max_open_elements = 512;  // and active formatting elements: beyond, the rest of the document is left out
  std::size_t max_nodes = 1'000'000;    // elements, texts, comments and attributes
  std::size_t max_attributes = 256;     // of one element: what follows is dropped, the document goes on
};

class Document {
 public:
  // Never fails: garbage gives a small tree. `content_type` is the HTTP header's value or empty. How the encoding is
  // found: encoding.h.
  static Document Parse(std::string_view bytes, std::string_view content_type, const Limits& limits = {});

  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Node root() const;  // <html>
  Node head() const;
  Node body() const;
  bool cut() const;  // a limit was reached and the rest was left out

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kawat::html
