using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Memory.Testing.Models;

/// <summary>
/// Checks AWS signatures, version 4, the way AWS does: by signing the request again with the secret that belongs to the key
/// (AWS, "Create a signed API request").
/// </summary>
internal sealed partial class SignatureV4(string accessKey, string secretKey, string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>[^,]+), ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization { get; }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces { get; }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <returns>Code and message of the error that AWS answers with; null: the signature is right.</returns>
    public (string Code, string Message)? Refusal(HttpContext http)
    {
        Match given = Authorization.Match(http.Request.Headers.Authorization.ToString());
        if (!given.Success)
            return ("MissingAuthenticationTokenException", "Missing Authentication Token");
        if (given.Groups["key"].Value != accessKey)
            return ("UnrecognizedClientException", "The security token included in the request is invalid.");
        string moment = http.Request.Headers["X-Amz-Date"].ToString();
        string scope = $"{moment.Split('T')[0]}/{region}/{service}/aws4_request";
        string[] headers = given.Groups["headers"].Value.Split(';');
        bool complete = headers.Contains("host") && headers.Contains("x-amz-date");
        return complete && given.Groups["scope"].Value == scope && given.Groups["signature"].Value == Sign(http, moment, scope, headers)
            ? null
            : ("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.");
    }

    private string Sign(HttpContext http, string moment, string scope, string[] headers)
    {
        string toSign = $"{Algorithm}\n{moment}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(Canonical(http, headers)))}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (string part in scope.Split('/'))
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Canonical(HttpContext http, string[] headers)
    {
        // As it was sent: by now the framework has decoded the path of the request.
        string[] target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        // Each segment is encoded once more (all services but S3), so a %2F within a model's ARN is signed as %252F.
        string path = string.Join('/', target[0].Split('/').Select(Uri.EscapeDataString));
        string query = target.Length == 1 ? "" : string.Join('&', target[1].Split('&').Order(StringComparer.Ordinal));
        string named = string.Concat(headers.Select(name =>
            string.Create(CultureInfo.InvariantCulture, $"{name}:{Spaces.Replace(http.Request.Headers[name].ToString().Trim(), " ")}\n")));
        return $"{http.Request.Method}\n{path}\n{query}\n{named}\n{string.Join(';', headers)}\n{http.Request.Headers["X-Amz-Content-SHA256"]}";
    }
}
