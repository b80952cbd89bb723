using Slipway.Sdk;

namespace Slipway.Identity;

/// <summary>What names and passwords have to be.</summary>
internal static class IdentityRules
{
    public const int PasswordMinimum = 12;
    private const int PasswordMaximum = 1024;
    private const int NameMaximum = 128;
    private const int DescriptionMaximum = 1000;

    /// <summary>Passwords that stand in documentation and are tried first.</summary>
    private static readonly HashSet<string> Notorious = new(StringComparer.OrdinalIgnoreCase)
    {
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "qwertyuiop12",
        "administrator",
        "changemechangeme",
    };

    /// <summary>A colon would end the name where HTTP Basic carries name and password as one text; a slash, where it is part of an address.</summary>
    public static void UserName(string name)
    {
        if (
            name.Length is 0 or > NameMaximum
            || name.Any(c => char.IsControl(c) || c is ':' or '/' or '\\')
            || name.Trim(' ', '.').Length < name.Length
        )
            throw Fault.Invalid(
                "user.name",
                $"A user name has 1 to {NameMaximum} characters, no colon or slash, no control characters and no space or dot at its ends.",
                "username"
            );
    }

    public static void Password(string password, string userName)
    {
        if (password.Length is < PasswordMinimum or > PasswordMaximum)
            throw Weak($"A password has at least {PasswordMinimum} and at most {PasswordMaximum} characters.");
        if (Notorious.Contains(password) || password.Distinct().Count() < 4)
            throw Weak("This password is among the first that anybody would try.");
        if (password.Equals(userName, StringComparison.OrdinalIgnoreCase))
            throw Weak("A password differs from the user's name.");
    }

    public static void WorkspaceName(string name)
    {
        if (name.Length is 0 or > 63 || name[0] == '-' || name[^1] == '-' || !name.All(IsWorkspaceLetter))
            throw Fault.Invalid(
                "workspace.name",
                "A workspace's name has 1 to 63 lower-case letters, digits and hyphens, and starts and ends with a letter or digit.",
                "name"
            );
    }

    public static void Description(string? description)
    {
        if (description is { Length: > DescriptionMaximum })
            throw Fault.Invalid(
                "identity.description",
                $"A description has at most {DescriptionMaximum} characters.",
                "description"
            );
    }

    /// <summary>Names of roles and tokens: for people to read.</summary>
    public static void Label(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameMaximum || name.Any(char.IsControl))
            throw Fault.Invalid(
                "identity.name",
                $"A name has 1 to {NameMaximum} characters, none of them control characters.",
                "name"
            );
    }

    private static Fault Weak(string message) => Fault.Invalid("user.password", message, "password");

    private static bool IsWorkspaceLetter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
