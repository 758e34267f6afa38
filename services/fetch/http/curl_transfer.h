// One request of the curl client on its way: its handles, and what curl calls back. Inside services/fetch/http only.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

#include "services/fetch/http/address_policy.h"
#include "services/fetch/http/http_client.h"

namespace kawat::fetch {

template <auto kDestroy>
struct Deleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    kDestroy(handle);
  }
};
using Easy = std::unique_ptr<CURL, Deleter<curl_easy_cleanup>>;
using List = std::unique_ptr<curl_slist, Deleter<curl_slist_free_all>>;

// Its address is curl's user pointer: it does not move.
struct Transfer {
  HttpRequest request;
  HttpClient::Done done;
  const AddressPolicy* addresses = nullptr;
  HttpAnswer answer;
  std::size_t header_bytes = 0;
  bool blocked = false, cut = false, too_large = false, head_too_large = false, sent = false, sent_again = false;
  std::array<char, CURL_ERROR_SIZE> error{};
  List headers, connect_to;
  Easy easy;
};

// Readies `easy` to ask for `url`, which may be another than the request's. `transfer.easy` and `transfer.connect_to`
// are set before; strings are copied.
void Configure(Transfer& transfer, const std::string& url, const std::string& user_agent);

// Makes the answer of what curl says at the end.
void Conclude(Transfer& transfer, CURLcode code);

// The answer becomes a failure.
void Fail(HttpAnswer& answer, article::Reason reason, std::string detail);

}  // namespace kawat::fetch
