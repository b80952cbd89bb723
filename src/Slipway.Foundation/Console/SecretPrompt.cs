using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Console;

/// <summary>
/// Asks for a secret without showing it. Where input is not a terminal its first line is taken, so that a secret never
/// has to stand in a command line, which other users of the machine can see.
/// </summary>
public static class SecretPrompt
{
    public static string Read(string title)
    {
        if (System.Console.IsInputRedirected)
            return System.Console.In.ReadLine()
                ?? throw Fault.Invalid("command.no_secret", $"{title} is expected as the first line of the input.");
        var secret = ReadHidden(title);
        if (ReadHidden($"{title}, once more") != secret)
            throw Fault.Invalid("command.secrets_differ", "The two differ. Nothing was changed.");
        return secret;
    }

    private static string ReadHidden(string title)
    {
        System.Console.Error.Write($"{title}: ");
        var secret = new StringBuilder();
        while (true)
        {
            var key = System.Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                secret.Length = Math.Max(0, secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.Append(key.KeyChar);
        }
        System.Console.Error.WriteLine();
        return secret.ToString();
    }
}
