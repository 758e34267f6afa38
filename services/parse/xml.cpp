#include "services/parse/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "services/parse/xml_text.h"

namespace kawat::parse {
namespace {

constexpr std::size_t kMaxBytes = 32 << 20;  // beyond what fetch decodes, and within libxml2's int

std::string Lower(std::string text) {
  absl::AsciiStrToLower(&text);
  return text;
}

const char* Chars(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

xmlNode* Raw(void* node) { return static_cast<xmlNode*>(node); }

xmlNode* ElementFrom(xmlNode* node) {
  while (node != nullptr && node->type != XML_ELEMENT_NODE) {
    node = node->next;
  }
  return node;
}

void AppendText(const xmlNode* node, std::string& out) {
  if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content != nullptr) {
    out.append(Chars(node->content));
  }
}

}  // namespace

std::string XmlElement::name() const {
  const std::string_view name = Chars(Raw(raw_)->name);
  return Lower(std::string(name.substr(name.rfind(':') + 1)));
}

std::string XmlElement::prefix() const {
  if (const xmlNs* const ns = Raw(raw_)->ns; ns != nullptr && ns->prefix != nullptr) {
    return Lower(Chars(ns->prefix));
  }
  const std::string_view name = Chars(Raw(raw_)->name);  // a prefix that is not declared stays in the name
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? "" : Lower(std::string(name.substr(0, colon)));
}

std::optional<std::string> XmlElement::attribute(std::string_view local_name) const {
  for (const xmlAttr* attribute = Raw(raw_)->properties; attribute != nullptr; attribute = attribute->next) {
    const std::string_view name = Chars(attribute->name);
    if (name.substr(name.rfind(':') + 1) == local_name) {
      std::string value;
      for (const xmlNode* part = attribute->children; part != nullptr; part = part->next) {
        AppendText(part, value);
      }
      return value;
    }
  }
  return std::nullopt;
}

std::string XmlElement::Text() const {
  std::string result;
  const xmlNode* const root = Raw(raw_);
  const xmlNode* node = root->children;
  while (node != nullptr && node != root) {
    AppendText(node, result);
    if (node->type == XML_ELEMENT_NODE && node->children != nullptr) {  // never into the declaration of an entity
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr) {
      node = node->parent;
    }
    node = node == root ? nullptr : node->next;
  }
  return result;
}

XmlElement XmlElement::parent() const {
  xmlNode* const up = Raw(raw_)->parent;
  return XmlElement(up != nullptr && up->type == XML_ELEMENT_NODE ? up : nullptr);
}

XmlElement XmlElement::first_child() const { return XmlElement(ElementFrom(Raw(raw_)->children)); }
XmlElement XmlElement::next_sibling() const { return XmlElement(ElementFrom(Raw(raw_)->next)); }

void XmlDocument::Free::operator()(void* document) const { xmlFreeDoc(static_cast<xmlDoc*>(document)); }

absl::StatusOr<XmlDocument> XmlDocument::Parse(std::string_view bytes, std::string_view content_type) {
  static const bool initialized = (xmlInitParser(), true);  // before threads use it
  (void)initialized;
  if (bytes.size() > kMaxBytes) {
    return absl::InvalidArgumentError("XML of more than 32 MiB");
  }
  const std::string text = ToCleanXml(bytes, content_type);
  constexpr int kOptions =
      XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT;
  XmlDocument document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", kOptions));
  if (document.document_ == nullptr || !document.root()) {
    return absl::InvalidArgumentError("no XML element is readable");
  }
  return document;
}

XmlElement XmlDocument::root() const { return XmlElement(xmlDocGetRootElement(static_cast<xmlDoc*>(document_.get()))); }

}  // namespace kawat::parse
