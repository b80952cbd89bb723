using System.CommandLine;
using System.Globalization;
using System.Net;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Console;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>`slipway up`: the control plane.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 5000;

    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "Address to listen on: HOST:PORT, or a port alone for loopback. Port 0 takes a free one.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => "127.0.0.1:5000",
    };

    private static readonly Option<bool> Login = new("--login") { Description = "Ask for a login on loopback too." };

    private static readonly Option<bool> AllowReset = new("--allow-reset")
    {
        Description = "Let POST /api/v1/testing/reset delete everything. Loopback only; for tests.",
    };

    private static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description = "A host name this server is called by; names of its own machine and network are always allowed.",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> AllowOrigin = new("--allow-origin")
    {
        Description = "Origin of a web page that may change things here, such as https://lab.example.org.",
        HelpName = "ORIGIN",
    };

    private static readonly Option<string[]> TrustProxy = new("--trust-proxy")
    {
        Description =
            "A proxy in front of this server, or a network of them, that says in X-Forwarded-For where requests come from.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<int?> RateLimit = new("--rate-limit")
    {
        Description = "Requests a second that each caller may send; without it, any number.",
        HelpName = "NUMBER",
    };

    private static readonly Option<string[]> Quota = new("--quota")
    {
        Description = "How many a workspace may have: experiments=1000, runs=1000000 or metric-names=10000.",
        HelpName = "KIND=NUMBER",
    };

    private static readonly Option<bool> AllowPrivateTargets = new("--allow-private-targets")
    {
        Description = "Let webhooks call addresses of this machine and its network, and plain http.",
    };

    public static Command Create()
    {
        var command = new Command("up", "Start the server.")
        {
            ConsoleOptions.Data,
            ConsoleOptions.Store,
            ConsoleOptions.Blobs,
            Listen,
            Login,
            AllowHost,
            AllowOrigin,
            TrustProxy,
            RateLimit,
            Quota,
            AllowPrivateTargets,
            AllowReset,
        };
        command.SetAction((parsed, _) => Server.RunAsync(Read(parsed), Rooms.All));
        return command;
    }

    /// <summary>HOST:PORT, [IPV6]:PORT, HOST or PORT; the host a number, "localhost" or "*".</summary>
    internal static IPEndPoint ReadListen(string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var portAlone))
            return new IPEndPoint(IPAddress.Loopback, portAlone);
        var spelled = text.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
            ? string.Concat("127.0.0.1", text.AsSpan("localhost".Length))
            : text.Replace("*", "0.0.0.0", StringComparison.Ordinal);
        if (!IPEndPoint.TryParse(spelled, out var endPoint))
            throw Fault.Invalid(
                "setup.listen_address",
                $"'{text}' is not an address to listen on.",
                field: "--listen",
                hint: "Write it as 127.0.0.1:5000, [::1]:5000, 0.0.0.0:5000 or 5000."
            );
        var namesPort = spelled.StartsWith('[')
            ? spelled.Contains("]:", StringComparison.Ordinal)
            : spelled.Count(letter => letter == ':') == 1;
        if (!namesPort)
            endPoint.Port = DefaultPort;
        return endPoint;
    }

    /// <summary>10.1.2.3 or 10.0.0.0/8.</summary>
    internal static IPNetwork ReadNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        if (IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw Fault.Invalid(
            "setup.proxy_address",
            $"'{text}' is not the address of a proxy.",
            field: "--trust-proxy",
            hint: "Write it as 10.1.2.3 or, for a network, as 10.0.0.0/8."
        );
    }

    /// <summary>runs=1000000.</summary>
    private static KeyValuePair<string, long> ReadQuota(string text)
    {
        var parts = text.Split('=');
        if (
            parts.Length == 2
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
            return KeyValuePair.Create(parts[0], number);
        throw Fault.Invalid("setup.quota", $"'{text}' is no quota.", "--quota", "Write it as runs=1000000.");
    }

    private static ServerSettings Read(ParseResult parsed)
    {
        var settings = new ServerSettings
        {
            DataPath = parsed.GetRequiredValue(ConsoleOptions.Data),
            Store = parsed.GetValue(ConsoleOptions.Store),
            Blobs = parsed.GetValue(ConsoleOptions.Blobs),
            Listen = ReadListen(parsed.GetRequiredValue(Listen)),
            Login = parsed.GetValue(Login),
            AllowReset = parsed.GetValue(AllowReset),
            AllowedHosts = parsed.GetValue(AllowHost) ?? [],
            AllowedOrigins = parsed.GetValue(AllowOrigin) ?? [],
            TrustedProxies = [.. (parsed.GetValue(TrustProxy) ?? []).Select(ReadNetwork)],
            RequestsPerSecond = parsed.GetValue(RateLimit),
            Quotas = (parsed.GetValue(Quota) ?? []).Select(ReadQuota).ToDictionary(),
            AllowPrivateTargets = parsed.GetValue(AllowPrivateTargets),
        };
        if (settings.RequestsPerSecond < 1)
            throw Fault.Invalid("setup.rate_limit", "At least one request a second has to be let in.", "--rate-limit");
        if (settings is { AllowReset: true, IsLoopback: false })
            throw Fault.Invalid(
                "setup.reset_beyond_loopback",
                "--allow-reset is only possible on loopback: it lets anybody who reaches the server delete everything.",
                field: "--allow-reset",
                hint: "Listen on 127.0.0.1, or leave --allow-reset out."
            );
        return settings;
    }
}
