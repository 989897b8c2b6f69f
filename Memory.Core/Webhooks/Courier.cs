using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Memory.Core.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Webhooks;

/// <summary>
/// Tells one change to one receiver, signed. The address is looked at when the connection is made, so no name leads to one that
/// may not be called; redirects are not followed, and no proxy is asked.
/// </summary>
public sealed class Courier : IDisposable
{
    /// <summary>Carries <c>t=UNIX_SECONDS,v1=HEX</c>, the HMAC-SHA256 of <c>UNIX_SECONDS.BODY</c> under the webhook's secret.</summary>
    public const string SignatureHeader = "X-Memory-Signature";

    public const string DeliveryHeader = "X-Memory-Delivery";

    private readonly Deliveries _deliveries;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Courier> _logger;
    private readonly HttpClient _http;

    public Courier(Deliveries deliveries, IOptions<WebhookOptions> options, TimeProvider time, ILogger<Courier> logger)
    {
        (_deliveries, _options, _time, _logger) = (deliveries, options.Value, time, logger);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = TimeSpan.FromSeconds(_options.TimeoutSeconds),
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("AspireMemory", "1"));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a delivery and keeps what came of it; a failure of the receiver is none here.</summary>
    public async Task CarryAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        // It may be what they died of.
        if (_deliveries.IsWornOut(delivery))
        {
            await RefusedAsync(delivery, new Sent.Refused("whoever sent it did not live to keep the answer", IsFinal: true), cancellationToken);
            return;
        }

        if (await _deliveries.ReadAsync(delivery, cancellationToken) is not { } told)
        {
            await _deliveries.EndAsync(delivery, cancellationToken);
            return;
        }

        Sent sent = await SendAsync(delivery, told, cancellationToken);
        FailPoint.Hit(FailPoint.WebhookAnswered);
        if (sent is Sent.Refused refused)
        {
            await RefusedAsync(delivery, refused, cancellationToken);
        }
        else
        {
            await _deliveries.EndAsync(delivery, cancellationToken);
        }
    }

    private Task RefusedAsync(Delivery delivery, Sent.Refused refused, CancellationToken cancellationToken)
    {
        _logger.DeliveryFailed(delivery.Id, delivery.Attempt, refused.Reason);
        return _deliveries.FailedAsync(delivery, refused, cancellationToken);
    }

    private async Task<Sent> SendAsync(Delivery delivery, Told told, CancellationToken cancellationToken)
    {
        byte[] body = DeliveryBody.Of(delivery, told);
        string at = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, told.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation(SignatureHeader, $"t={at},v1={Sign(told.Secret, at, body)}");
        request.Headers.TryAddWithoutValidation(DeliveryHeader, delivery.Id.ToString());
        try
        {
            // What it answers is of no interest, and may be endless.
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? new Sent.Delivered()
                : new Sent.Refused($"the receiver answered {(int)response.StatusCode}", IsFinal: response.StatusCode == HttpStatusCode.Gone);
        }
        catch (HttpRequestException cause)
        {
            return cause.InnerException is AddressNotCalledException
                ? new Sent.Refused("the address is never called", IsFinal: true)
                : new Sent.Refused($"the receiver cannot be reached: {cause.HttpRequestError}", IsFinal: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Sent.Refused($"the receiver did not answer within {_options.TimeoutSeconds} s", IsFinal: false);
        }
    }

    internal static string Sign(string secret, string at, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{at}."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress[] callable = [.. addresses.Where(address => CallableAddress.Is(address, _options.PrivateAddresses))];
        if (callable.Length == 0)
            throw new AddressNotCalledException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(callable, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class AddressNotCalledException : IOException;
}
