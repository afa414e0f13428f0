"""E-mail: SMTP and SendGrid, bounces and complaints, one-click unsubscribe."""
