using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Webhooks;

public sealed class WebhookOptions
{
    public const string Section = "Memory:Webhooks";

    /// <summary>
    /// Whether addresses of this machine and of private networks may be called; those of links and of clouds' metadata never are.
    /// Default false: an administrator of one project is not one of the network.
    /// </summary>
    public bool PrivateAddresses { get; set; }

    /// <summary>How many deliveries one process sends at a time: mostly it waits for them. Default 32.</summary>
    [Range(1, 256)]
    public int Senders { get; set; } = 32;

    /// <summary>How many of those, over all processes, go to one project's webhooks: its dead ones leave places for the others. Default 8.</summary>
    [Range(1, 256)]
    public int SendersPerProject { get; set; } = 8;

    /// <summary>How many of those, over all processes, go to one webhook, so that a slow one does not hold up the others. Default 2.</summary>
    [Range(1, 64)]
    public int SendersPerWebhook { get; set; } = 2;

    /// <summary>Longest wait for a receiver, in seconds. Default 10.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>For how long beyond that wait a delivery is one process' own, in seconds; after that another sends it. Default 30.</summary>
    [Range(1, 600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>How often a delivery is tried before it is given up. Default 12, which is about a day.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 12;

    /// <summary>Wait before the second attempt, in milliseconds, give or take a half; three times as long with every other. Default 5000.</summary>
    [Range(10, 3_600_000)]
    public int RetryMilliseconds { get; set; } = 5_000;

    /// <summary>Longest wait between two attempts, in milliseconds. Default 21600000, six hours.</summary>
    [Range(10, 86_400_000)]
    public int LongestRetryMilliseconds { get; set; } = 21_600_000;

    /// <summary>How long a process waits that found nothing to send, in milliseconds. Default 1000.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 1_000;

    /// <summary>How long what was given up is kept to be looked at, in days. Default 30.</summary>
    [Range(1, 3_650)]
    public int FailedDays { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
