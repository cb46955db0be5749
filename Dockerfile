FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --create-home portal
WORKDIR /srv/portal
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Production settings insist on secrets; collecting static files needs none.
RUN DJANGO_SETTINGS_MODULE=config.settings.build python manage.py collectstatic --no-input
USER portal
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000"]
