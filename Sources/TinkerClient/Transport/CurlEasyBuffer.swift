import CCurl

/// An easy handle with the list of its headers; frees both.
@safe final class CurlEasyBuffer {
  /// The handle, for calls of the multi handle that owns this transfer.
  let handle: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?

  init?() {
    guard let handle = unsafe tk_curl_easy_init() else { return nil }
    unsafe self.handle = handle
  }

  deinit {
    unsafe tk_curl_slist_free_all(headers)
    unsafe tk_curl_easy_cleanup(handle)
  }

  /// Forgets all settings; connections and names stay.
  func reset() {
    unsafe tk_curl_easy_reset(handle)
    unsafe tk_curl_slist_free_all(headers)
    unsafe headers = nil
  }

  func set(_ option: CURLoption, _ value: Int) {
    unsafe tk_curl_set_long(handle, option, value)
  }

  func set(_ option: CURLoption, _ value: String) {
    _ = unsafe value.withCString { unsafe tk_curl_set_string(handle, option, $0) }
  }

  /// Sets the body; libcurl keeps a copy.
  func setBody(_ body: [UInt8]) {
    unsafe tk_curl_set_off_t(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
    unsafe body.withUnsafeBytes { bytes in
      // An empty array has no address, and no address would mean a body that is read later.
      if let base = bytes.baseAddress {
        _ = unsafe tk_curl_set_pointer(
          handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: base))
      } else {
        set(CURLOPT_COPYPOSTFIELDS, "")
      }
    }
  }

  /// Sets the headers.
  func setHeaders(_ lines: [String]) {
    for line in lines {
      unsafe line.withCString { text in
        if let list = unsafe tk_curl_slist_append(headers, text) { unsafe headers = list }
      }
    }
    unsafe tk_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
  }

  /// Sets a callback and what it gets as its context.
  func setCallback(
    _ option: CURLoption, context: CURLoption, _ callback: @escaping tk_curl_data_callback,
    _ object: AnyObject
  ) {
    unsafe tk_curl_set_data_callback(handle, option, callback)
    unsafe tk_curl_set_pointer(handle, context, Unmanaged.passUnretained(object).toOpaque())
  }

  /// Looks at each address after names are resolved, before a connection is opened.
  func refusePrivateAddresses() { unsafe tk_curl_refuse_private_addresses(handle) }

  /// Sets what can be asked of the handle later.
  func setPrivate(_ object: AnyObject) {
    unsafe tk_curl_set_pointer(
      handle, CURLOPT_PRIVATE, Unmanaged.passUnretained(object).toOpaque())
  }

  /// The status of the response.
  var status: Int {
    var status = 0
    unsafe tk_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return status
  }

  /// Where a redirect leads.
  var redirectURL: String? {
    var text: UnsafeMutableRawPointer?
    unsafe tk_curl_get_pointer(handle, CURLINFO_REDIRECT_URL, &text)
    guard let text = unsafe text else { return nil }
    return unsafe String(cString: text.assumingMemoryBound(to: CChar.self))
  }
}
